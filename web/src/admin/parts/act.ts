import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Something that is done; whatever is shown is looked up again afterwards. */
export function useAct<Given = void, Answer = unknown>(
  act: (given: Given) => Promise<Answer>,
  onDone?: (answer: Answer) => void,
  /** By which others on the page tell that it is under way. */
  mutationKey?: readonly unknown[],
) {
  const client = useQueryClient();
  return useMutation({
    ...(mutationKey ? { mutationKey } : {}),
    mutationFn: act,
    onSuccess: async (answer) => {
      onDone?.(answer);
      await client.invalidateQueries();
    },
  });
}
