/** What a piece of text is, where a terminal can show it by a colour. */
export type Look = "added" | "removed" | "changed" | "heading" | "aside" | "caution" | "danger";

/** Makes text look like what it is; gives it back as it is where there are no colours. */
export type Style = (look: Look, text: string) => string;

export const plain: Style = (_, text) => text;
