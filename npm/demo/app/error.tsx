'use client';

/** What is shown where a page can not be made: mostly, the database is away. */
export default function PageError({ reset }: { reset: () => void }) {
  return (
    <main className="narrow">
      <h1>This page is not available</h1>
      <p>The server could not make it, perhaps because its database is away. Its log tells more.</p>
      <button type="button" className="button" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
