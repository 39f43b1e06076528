import { LoaderCircle } from 'lucide-react';

export function Spinner() {
  return <LoaderCircle aria-hidden className="cgk:size-4 cgk:animate-spin" />;
}
