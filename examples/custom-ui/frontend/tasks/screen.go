package tasks

// Screen is where the page is seen. Its methods are called one at a time, and must not call the page's.
type Screen interface {
	// Show shows the state, and moves the focus if the state says so. It may keep the state's rows and failures, but not
	// the slices that hold them.
	Show(s State)
	// Focused gives where the keyboard focus is: Of is set in a row and in a message.
	Focused() Place
	// Save gives the user a file.
	Save(name string, data []byte)
}

// Place is a part of the page that the keyboard focus is on, or is to go to.
type Place struct {
	Part Part
	// Of is the row's task, or the message's subject.
	Of string
}

// Part is a kind of [Place].
type Part int

const (
	// NoPart is no control: the one that had the focus is gone, or was clicked in Safari, which focuses no buttons.
	NoPart Part = iota
	// OtherPart is any part that has no name here.
	OtherPart
	// FormPart is the form for a new task; the focus goes to its field.
	FormPart
	// RowPart is a row; the focus goes to the row itself, and none of its controls.
	RowPart
	// CheckboxPart, DeletePart and DetailsPart are controls of a row, for the focus to go to.
	CheckboxPart
	DeletePart
	DetailsPart
	// FailurePart is a message; the focus goes to its first button.
	FailurePart
)
