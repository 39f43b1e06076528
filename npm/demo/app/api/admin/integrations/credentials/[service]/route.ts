import { routes } from '../../../../../../lib/credential-routes';

export const POST = routes.save;
export const DELETE = routes.disconnect;
