/** Lets the handlers of different calls wait for each other. */

/** Holds one value for each call id; whoever asks before it was posted waits for it. */
export function createBoard() {
  const slots = new Map();

  function slot(callId) {
    if (!slots.has(callId)) {
      const created = {};
      created.promise = new Promise((resolve) => {
        created.resolve = resolve;
      });
      slots.set(callId, created);
    }
    return slots.get(callId);
  }

  return {
    post: (callId, value) => slot(callId).resolve(value),
    take: (callId) => slot(callId).promise,
  };
}

/** Lets calls with the same id go on only when all of them are there. */
export function createMeetings() {
  const present = new Map();
  const complete = createBoard();

  return {
    join(callId, parties) {
      const count = (present.get(callId) ?? 0) + 1;
      present.set(callId, count);
      if (count === parties) complete.post(callId, true);
      return complete.take(callId);
    },
  };
}
