import type { Schemas } from "../api/client";
import { $api } from "../api/hooks";

/** Titles of modules by id; empty until they are known. */
export function useModuleTitles(): ReadonlyMap<string, string> {
  const { data } = $api.useQuery("get", "/api/training/modules");
  return new Map(data?.items.map((module) => [module.id, module.title]));
}

/** How much of each module is watched, in percent; empty until it is known. */
export function useCoverage(): ReadonlyMap<string, number> {
  const { data } = useTrainingStatus();
  return new Map(data?.map((one) => [one.moduleId, one.coveragePercent]));
}

/** The caller's own standing in every active module. */
export function useTrainingStatus() {
  return $api.useQuery("get", "/api/training/status", {}, {
    select: (answer): Schemas["TrainingStatus"][] => answer.items.filter((item) => "completed" in item),
  });
}
