/** Whether something has been so for a while: what is quick shows no sign of work. */

const PATIENCE = 400;

export function late(is: () => boolean): { readonly yes: boolean } {
  let yes = $state(false);
  $effect(() => {
    if (!is()) {
      yes = false;
      return;
    }
    const timer = setTimeout(() => {
      yes = true;
    }, PATIENCE);
    return () => clearTimeout(timer);
  });
  return {
    get yes() {
      return yes;
    },
  };
}
