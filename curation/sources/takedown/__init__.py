"""Lists of pages that are not to be used: what they name, where a root keeps them, who is named."""
