/** Asks the browser to keep what this page keeps. */

/**
 * A browser short of space throws away what a page has not asked to keep; from now on there is
 * something here that exists nowhere else.
 */
export async function askToKeep(): Promise<void> {
  try {
    const { storage } = navigator;
    if (storage && !(await storage.persisted())) await storage.persist();
  } catch (error) {
    console.debug('This browser does not promise to keep the outbox.', error);
  }
}
