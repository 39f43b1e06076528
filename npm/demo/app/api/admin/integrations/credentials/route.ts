import { routes } from '../../../../../lib/credential-routes';

export const GET = routes.list;
