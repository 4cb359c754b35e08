// Package jsoncodec converts between JSON and Go values, by the rules of encoding/json in Go 1.26, several times as fast
// and without linking it. docs/design.md says why it exists.
//
// The first value of a type makes a plan: where its fields are in memory, under which names, and how each is converted.
// Values are then read and written through pointers, without package reflect. Files: plan.go and members.go make plans;
// decode*.go and encode*.go follow them; text.go and number.go convert texts and numbers; skip.go reads JSON that nobody
// keeps.
//
// # Differences from encoding/json
//
// No difference loses data: where a value cannot be converted in the same way, there is an error.
//
//   - Nesting. JSON may have [MaxDepth] levels, in both directions, and also in what a MarshalJSON returns; a deeper value
//     is [ErrTooDeep]. encoding/json decodes 10,000 levels, and encodes any number. A value that contains itself is
//     ErrTooDeep too, instead of an UnsupportedValueError.
//   - HTML. The characters <, > and & are not escaped, as in JSON.stringify and after SetEscapeHTML(false).
//   - Errors. Their types are those of this package, because those of encoding/json would link it. [SyntaxError] has the
//     same Offset. In a [TypeError], Offset is where the value starts, and Path also has the indexes of arrays. A
//     [ValueError] stands for the errors of Marshal, a [TargetError] for InvalidUnmarshalError. No text quotes what the
//     JSON or the value holds. A value that is not base64 is a TypeError instead of a base64.CorruptInputError.
//   - Order of errors. If the target is wrong and the text too, the target's error is returned.
//   - Methods. UnmarshalJSON and UnmarshalText may be called for values before a mistake in the text. The target is then
//     set to what it was, as with any mistake in the text.
//   - Memory. Texts of at most 24 bytes share memory in pieces of 64 bytes. Up to 16 values that pointers point to, or elements
//     of lists of at most 8, are allocated together. So a value that is kept holds a little of its neighbours.
//   - Encoding/json/v2. Methods that only MarshalJSONTo and UnmarshalJSONFrom have are not called, and the options of
//     tags that are new in it (case, embed, format) are ignored, as in Go 1.26.
//
// From Go 1.27 on, encoding/json is built on encoding/json/v2 and has some other results than in Go 1.26. These are the
// differences that the tests know; with GOEXPERIMENT=nojsonv2 there are none.
//
//   - After a value that does not fit, other parts of the rest are decoded. The Offset of a syntax error may be another.
//   - The option "string" has no effect on types with methods of their own, and in its quotes it refuses 007, half of a
//     surrogate pair, and a json.Number with quotes of its own. There it accepts .0, +1 and NaN as floating point numbers.
//   - The methods by which a value decodes itself are called where Go 1.26 does not look for them: if its type has no name,
//     such as struct{ time.Time }, or if it is behind a pointer type that has one.
//   - A tag's name may be in single quotes, and a wrong name is read in another way.
//   - A map whose keys are neither texts nor integers is encoded if encoding/json/v2 can do that; in Go 1.26 it is an error.
//   - U+FFFD for bytes that are not UTF-8, U+2028 and U+2029 are escaped in other places, which is the same text.
//   - A time whose text has escapes is read; in Go 1.26 it is an error.
package jsoncodec
