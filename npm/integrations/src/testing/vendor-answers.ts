// What the vendors answer in tests: to verifications, and to a first call of each SDK.

import type { TenantService } from '../types.js';

/** Twilio has the account's SID in its paths. */
export const TWILIO_ACCOUNT = 'AC0123456789abcdef0123456789abcdef';

const TRACKER = {
  id: 'trk_1',
  object: 'Tracker',
  mode: 'test',
  tracking_code: 'EZ4000000004',
  status: 'delivered',
  status_detail: 'arrived_at_destination',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-02T00:00:00Z',
  carrier: 'USPS',
  public_url: 'https://track.easypost.com/trk_1',
  tracking_details: [],
  est_delivery_date: '2026-01-02T00:00:00Z',
  signed_by: 'Front desk',
  weight: 12,
};

/** By `METHOD /path`; a string is XML. */
export const VENDOR_ANSWERS: Record<TenantService, Record<string, object | string>> = {
  stripe: {
    'GET /v1/account': {
      id: 'acct_1',
      object: 'account',
      country: 'US',
      business_profile: { name: 'Rawdog' },
    },
    'POST /v1/customers': { id: 'cus_1', object: 'customer' },
  },
  wise: {
    'GET /v1/profiles': [
      { id: 11, type: 'personal', details: { firstName: 'Raw', lastName: 'Dog' } },
      { id: 12, type: 'business', details: { name: 'Rawdog' } },
    ],
    // As docs.wise.com has them under "List profiles", v2.
    'GET /v2/profiles': [
      {
        type: 'PERSONAL',
        id: 11,
        userId: 1,
        currentState: 'VISIBLE',
        firstName: 'Raw',
        lastName: 'Dog',
        fullName: 'Raw Dog',
      },
      { type: 'BUSINESS', id: 12, userId: 1, businessName: 'Rawdog', fullName: 'Rawdog' },
    ],
    'GET /v4/profiles/12/balances': [
      { id: 1, currency: 'USD', amount: { value: 10, currency: 'USD' }, type: 'STANDARD' },
    ],
    // As docs.wise.com has it under "Create an authenticated quote".
    'POST /v3/profiles/12/quotes': {
      id: 'quote-1',
      sourceCurrency: 'USD',
      targetCurrency: 'EUR',
      sourceAmount: 10,
      payOut: 'BANK_TRANSFER',
      preferredPayIn: 'BANK_TRANSFER',
      rate: 0.9,
      paymentOptions: [
        {
          disabled: false,
          payIn: 'BANK_TRANSFER',
          payOut: 'BANK_TRANSFER',
          fee: { transferwise: 0.9, payIn: 0.1, discount: 0, partner: 0, total: 1 },
          sourceAmount: 10,
          targetAmount: 8.1,
        },
        {
          disabled: false,
          payIn: 'BALANCE',
          payOut: 'BANK_TRANSFER',
          fee: { transferwise: 0.5, payIn: 0, discount: 0, partner: 0, total: 0.5 },
          sourceAmount: 10,
          targetAmount: 8.55,
        },
      ],
      status: 'PENDING',
      expirationTime: '2026-01-01T00:30:00Z',
    },
    'POST /v1/accounts': { id: 5, active: true },
    'POST /v1/transfers': { id: 6, status: 'incoming_payment_waiting' },
    'POST /v3/profiles/12/transfers/6/payments': {
      type: 'BALANCE',
      status: 'COMPLETED',
      errorCode: null,
    },
  },
  resend: {
    'GET /domains': {
      data: [
        { name: 'mail.example.com', status: 'verified' },
        { name: 'new.example.com', status: 'pending' },
      ],
    },
    'POST /emails': { id: 'email_1' },
  },
  mux: {
    'GET /video/v1/assets': { data: [] },
    'POST /video/v1/assets': { data: { id: 'asset_1', status: 'preparing' } },
  },
  assemblyai: {
    'GET /v2/transcript': { page_details: {}, transcripts: [] },
    'POST /v2/transcript': { id: 'transcript_1', status: 'queued' },
    'GET /v2/transcript/transcript_1': {
      id: 'transcript_1',
      status: 'completed',
      text: 'Hello',
    },
  },
  anthropic: {
    'GET /v1/models': { data: [], has_more: false },
    'POST /v1/messages': {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello' }],
      model: 'a-model',
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  },
  openai: {
    'GET /v1/models': { object: 'list', data: [] },
    'POST /v1/chat/completions': {
      id: 'chat_1',
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    },
    'POST /v1/embeddings': {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: 'AAAAPw==' }],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 1, total_tokens: 1 },
    },
  },
  elevenlabs: {
    'GET /v1/user': {
      user_id: 'user_1',
      first_name: 'Rawdog',
      subscription: { tier: 'free' },
    },
    'GET /v1/models': [{ model_id: 'eleven_v3' }],
  },
  cloudflare_r2: {
    'GET /': '<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>',
    // An object of that name; where there is none, as at most, the vendor says NoSuchKey.
    'GET /media/cgk-integrations/no-such-object': '<Object/>',
  },
  google_maps: {
    'GET /v1/places/ChIJj61dQgK6j4AR4GeTYWZsWWw': { id: 'ChIJj61dQgK6j4AR4GeTYWZsWWw' },
    // The references of the Places API (New) and the Routes API at developers.google.com/maps.
    'POST /v1/places:searchText': { places: [{ id: 'place_1' }] },
    'POST /v1/places:searchNearby': { places: [{ id: 'place_1' }] },
    'POST /v1/places:autocomplete': { suggestions: [{ placePrediction: { placeId: 'place_1' } }] },
    'POST /directions/v2:computeRoutes': { routes: [{ distanceMeters: 772, duration: '165s' }] },
    'POST /distanceMatrix/v2:computeRouteMatrix': [
      { originIndex: 0, destinationIndex: 0, condition: 'ROUTE_EXISTS', duration: '165s' },
    ],
    'GET /maps/api/geocode/json': {
      status: 'OK',
      results: [{ formatted_address: '1600 Amphitheatre Parkway' }],
    },
  },
  twilio: {
    [`GET /2010-04-01/Accounts/${TWILIO_ACCOUNT}.json`]: {
      sid: TWILIO_ACCOUNT,
      friendly_name: 'Rawdog',
      status: 'active',
      type: 'Full',
    },
    [`POST /2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`]: { sid: 'SM1' },
  },
  easypost: {
    'GET /v2/trackers': { trackers: [], has_more: false },
    'POST /v2/trackers': TRACKER,
    'GET /v2/trackers/trk_1': TRACKER,
  },
};
