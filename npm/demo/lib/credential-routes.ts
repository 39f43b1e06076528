import { createCredentialRoutes } from '@cgk-platform/integrations/routes';
import { currentUser } from './session';

/** The admin API. Who is asking is told by the session, and by nothing that the request says. */
export const routes = createCredentialRoutes({
  async authorize() {
    const user = await currentUser();
    return user && { tenantId: user.tenantId, userId: user.id, role: user.role };
  },
  // Tests change credentials faster than people do.
  rateLimits: process.env.ADMIN_RATE_LIMITS === 'off' ? false : {},
});
