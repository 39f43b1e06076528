import { describe, expect, test } from '@jest/globals';
import { connect, tenant, testOnNode, vendors } from '../../kit/client-tests';
import { rejection, vault } from '../../kit/vault';

test('the methods that callers had before', async () => {
  await connect('assemblyai');
  const client = await vault.requireTenantAssemblyAIClient(tenant);
  expect(client.apiKey).toBe('assemblyai-right');
  const url = 'https://example.com/a.mp3';
  const submitted = await client.transcribe(url, { speaker_labels: true });
  expect(submitted).toMatchObject({ id: 'transcript_1', status: 'queued' });
  expect(JSON.parse(vendors.requests[0]?.body ?? '')).toMatchObject({
    audio_url: url,
    speaker_labels: true,
  });
  expect(await client.getTranscript('transcript_1')).toMatchObject({ text: 'Hello' });
});

describe('AssemblyAI transcribes what is on the web', () => {
  test.each([
    '/etc/hostname',
    'file:///etc/hostname',
    'file:/etc/hostname',
    'data:audio/mp3;base64,AAAA',
    'http',
    'https.mp3',
    'ftp://example.com/a.mp3',
    '',
    undefined,
    { path: '/etc/hostname' },
  ])('and not a file of the server’s: %j', async (audioUrl) => {
    await connect('assemblyai');
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    expect(await rejection(client.transcribe(audioUrl as string))).toEqual([
      'INPUT_INVALID',
      'transcribe: the audio must be an http or https URL',
    ]);
    expect(vendors.requests).toEqual([]);
  });

  test('nor one that is named in an option', async () => {
    await connect('assemblyai');
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    const options = { audio: '/etc/hostname', audio_url: 'file:///etc/hostname' } as object;
    await client.transcribe('HTTPS://example.com/a.mp3', options);
    const [request, ...more] = vendors.requests;
    expect(more).toEqual([]);
    expect(JSON.parse(request?.body ?? '')).toEqual({ audio_url: 'https://example.com/a.mp3' });
  });

  test('an id is no path', async () => {
    await connect('assemblyai');
    const client = await vault.requireTenantAssemblyAIClient(tenant);
    await expect(client.getTranscript('../account')).rejects.toThrow();
    expect(vendors.requests[0]?.url).toBe('/v2/transcript/..%2Faccount');
  });
});

testOnNode('the SDK reads no file of the server’s', async () => {
  await connect('assemblyai');
  const client = await vault.requireTenantAssemblyAIClient(tenant);
  const file = __filename;
  const calls = [
    () => client.files.upload(file),
    () => client.transcripts.submit({ audio: file }),
    () => client.transcripts.transcribe({ audio: `file://${file}` }),
    () => client.transcripts.create({ audio_url: file }),
    () => client.sync.transcribe(file),
    () => client.dictation.transcribeLive(file, {} as never),
  ];
  for (const call of calls) {
    expect(await rejection(call())).toEqual([
      'INPUT_INVALID',
      expect.stringMatching(/: pass the content of a file, not its path$/),
    ]);
  }
  expect(vendors.requests).toEqual([]);
});
