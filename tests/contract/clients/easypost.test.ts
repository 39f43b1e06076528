import { describe, expect, test } from '@jest/globals';
import { connect, tenant, vendors } from '../../kit/client-tests';
import { vault } from '../../kit/vault';

test('the methods that callers had before', async () => {
  await connect('easypost');
  const client = await vault.requireTenantEasyPostClient(tenant);
  expect(client.apiKey).toBe('EZAK-right');
  expect(await client.createTracker('EZ4000000004')).toMatchObject({ id: 'trk_1' });
  expect(await client.trackShipment('EZ4000000004', 'UPS')).toMatchObject({ carrier: 'USPS' });
  expect(JSON.parse(vendors.requests[1]?.body ?? '')).toEqual({
    tracker: { tracking_code: 'EZ4000000004', carrier: 'UPS' },
  });
  expect(await client.getTracker('trk_1')).toMatchObject({ status: 'delivered' });
});

describe('checkEasyPostTrackingStatus', () => {
  test('tells in short where a parcel is', async () => {
    await connect('easypost');
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ4000000004')).toEqual({
      delivered: true,
      inTransit: false,
      status: 'delivered',
      statusDetail: 'arrived_at_destination',
      estimatedDelivery: '2026-01-02T00:00:00Z',
      signedBy: 'Front desk',
      trackingUrl: 'https://track.easypost.com/trk_1',
    });
    expect(vendors.requests[0]?.body).toContain('"carrier":"USPS"');
  });

  test('never rejects, and names no tenant', async () => {
    const nowhere = { delivered: false, inTransit: false };
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...nowhere,
      status: 'unknown',
      statusDetail: 'EasyPost is not connected',
    });
    await connect('easypost', 'wrong');
    expect(await vault.checkEasyPostTrackingStatus(tenant, 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost could not track the parcel',
    });
    expect(await vault.checkEasyPostTrackingStatus('nosuchtenant', 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost cannot be used (TENANT_NOT_FOUND)',
    });
    expect(await vault.checkEasyPostTrackingStatus('Not A Slug', 'EZ1')).toEqual({
      ...nowhere,
      status: 'error',
      statusDetail: 'EasyPost cannot be used (TENANT_INVALID)',
    });
  });
});
