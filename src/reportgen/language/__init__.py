"""Language: the reader of what people write, below every stage.

`folding` gives all spellings of a text one form; `characters` names those that no file may hold.
`numerals` writes and reads numbers in Chinese characters; `numbers` finds the numbers in a text, in
digits or in characters, with their units; `number_forms` finds what else may be one, after
`even_numbers` has brought all digits to one form;
`plain_numbers` knows those that are no figures (dates, document numbers, names);
`claiming` finds the others, which claim something; `claims` says what: of what, in which role,
compared with what.
`personal` names the fields that hold what belongs to a person; `personal_marks` finds in a text
what does, with `personal_numbers` for telephones and the like. `text_differences` compares two
texts, sentence by sentence and word by word.
"""
