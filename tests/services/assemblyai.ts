import { VENDOR_ANSWERS } from '../../npm/integrations/src/testing/vendor-answers';
import { header } from '../kit/fake-vendor';
import { client, type TestedService } from '../kit/service';

const assemblyai: TestedService<'assemblyai'> = {
  input: (word) => ({ apiKey: `assemblyai-${word}` }),
  vendor: {
    credential: header('authorization'),
    answers: VENDOR_ANSWERS.assemblyai,
    wrong: [401, { error: 'Invalid API key' }],
    restricted: [403, { error: 'Forbidden' }],
    isScopeless: true,
  },
  refused: [
    [{ apiKey: 'oops****oops' }, 'apiKey: this is masked'],
    [{ apiKey: 'oops\u2060oops' }, 'an invisible character stands in it'],
  ],
  client: client('AssemblyAI', {
    call: (client, { onEdge }) =>
      onEdge ? client.getTranscript('transcript_1') : client.transcripts.get('transcript_1'),
    result: { text: 'Hello' },
    request: 'GET /v2/transcript/transcript_1',
    memberOnNode: 'transcripts',
    host: ({ transcripts }) =>
      (transcripts as unknown as { params: { baseUrl: string } }).params.baseUrl,
    get: ({ transcripts }, path) => transcripts.list(path),
    refusal: 'the key stays there',
  }),
  sdk: {
    package: 'assemblyai',
    oldest: '4.0.0',
    newest: '4.41.5',
    call: "client.getTranscript('transcript_1')",
    result: { id: 'transcript_1' },
  },
  withoutSdk: {
    calls: [
      [
        "transcribe('https://example.com/a.mp3', { punctuate: true })",
        { id: 'transcript_1', status: 'queued' },
      ],
      ["getTranscript('transcript_1')", { text: 'Hello' }],
    ],
    failing: 'getTranscript("1")',
    sdkMember: 'transcripts.list',
  },
  webhook: {
    secret: 'assemblyai-header-value',
    otherSecret: 'another-value',
    body: JSON.stringify({
      transcript_id: '5552493-16d8-42d8-8feb-c2a16b56f6e8',
      status: 'completed',
    }),
    headers: (_body, secret) => ({ 'x-webhook-secret': secret }),
    signsNoBody: true,
  },
};

export default assemblyai;
