import { getTenantResendSenderConfig, requireTenantResendClient } from '@cgk-platform/integrations';
import { task } from '@trigger.dev/sdk';

export interface OrderConfirmation {
  tenantId: string;
  orderId: string;
  to: string;
}

/** Confirms an order by mail, from the tenant's own Resend account. */
export async function sendOrderConfirmation({ tenantId, orderId, to }: OrderConfirmation) {
  const resend = await requireTenantResendClient(tenantId);
  const sender = await getTenantResendSenderConfig(tenantId);
  if (!sender) {
    throw new Error(`Resend has no from address for tenant: ${tenantId}`);
  }
  const { data, error } = await resend.emails.send(
    {
      ...sender,
      to,
      subject: `Your order ${orderId}`,
      text: `Thank you. We have received your order ${orderId}.`,
    },
    // A repeated run sends no second mail.
    { idempotencyKey: `order-confirmation/${tenantId}/${orderId}` },
  );
  if (error) {
    throw new Error(`Resend refused the mail: ${error.name}`);
  }
  return { emailId: data.id };
}

export const sendOrderConfirmationTask = task({
  id: 'send-order-confirmation',
  retry: { maxAttempts: 3 },
  run: sendOrderConfirmation,
});
