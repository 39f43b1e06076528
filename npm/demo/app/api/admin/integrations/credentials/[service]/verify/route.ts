import { routes } from '../../../../../../../lib/credential-routes';

export const POST = routes.verify;
