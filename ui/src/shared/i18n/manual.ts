/** A chapter of the manual, numbered as the printed one is. */
export interface Chapter {
  /** Its address below /guide, and the name of its picture. */
  id: string;
  number: number;
  title: string;
  lead: string;
  sections: readonly { title: string; steps: readonly string[] }[];
  tips: readonly string[];
}
