import { rotationKills } from '../kit/rotation-kills';

// At length, 200 kills over 1 000 tenants: `npm run fuzz -- --only rotation-kills --cases 20000`.
rotationKills({
  name: 'rotation-kills',
  share: 0.01,
  tenants: [12, 1_000],
  connect: async (databaseUrl) => ({ databaseUrl }),
});
