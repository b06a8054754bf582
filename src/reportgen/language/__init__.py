"""Language: the reader of what people write, below every stage.

`numerals` writes and reads numbers in Chinese characters; `numbers` finds the numbers in a text,
in digits or in characters, with their units. `characters` names those that no file may hold,
`personal` the fields that hold what belongs to a person. `text_differences` compares two texts,
sentence by sentence and word by word.
"""
