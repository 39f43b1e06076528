import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SaveResult, ServiceStatuses } from './api.js';
import { useAdmin } from './context.js';

const STATUSES = ['statuses'];
const HEALTH = ['health'];

/** The connected services. Fetched again when the window gets the focus: others change them, too. */
export function useStatuses() {
  const { api } = useAdmin();
  return useQuery({ queryKey: STATUSES, queryFn: () => api.statuses() });
}

export function useHealth() {
  const { api } = useAdmin();
  return useQuery({ queryKey: HEALTH, queryFn: () => api.health() });
}

/**
 * Saves a service's input. Done when the page shows what is stored now. Not a mutation: their cache
 * keeps what they are called with, and here that is a secret.
 */
export function useSave(service: string) {
  const { api } = useAdmin();
  const refresh = useRefresh();
  const [isPending, setPending] = useState(false);
  const save = async (input: Record<string, unknown>): Promise<SaveResult> => {
    setPending(true);
    try {
      const result = await api.save(service, input);
      await refresh();
      return result;
    } finally {
      setPending(false);
    }
  };
  return { save, isPending };
}

/** Has the vendor asked about what is stored; that changes the status, too. */
export function useVerify(service: string) {
  const { api } = useAdmin();
  const refresh = useRefresh();
  return useMutation({ mutationFn: () => api.verify(service), onSuccess: refresh });
}

export function useDisconnect(service: string) {
  const { api } = useAdmin();
  const queryClient = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => api.disconnect(service),
    onSuccess: () => {
      // Known already, even if the next request should fail.
      queryClient.setQueryData<ServiceStatuses>(STATUSES, (statuses) =>
        Object.fromEntries(Object.entries(statuses ?? {}).filter(([id]) => id !== service)),
      );
      return refresh();
    },
  });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return async () => {
    // Health is shown apart; nobody waits for it.
    void queryClient.invalidateQueries({ queryKey: HEALTH });
    await queryClient.invalidateQueries({ queryKey: STATUSES });
  };
}
