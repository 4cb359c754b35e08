package tasks

import "slices"

// State is all that the page shows. It is plain data: whoever has it can draw the page, or compare it in a test.
type State struct {
	// Words are the texts of what the state has none for, and Where is the page of the product around.
	Words *Words
	Where Where
	// Way is how requests are sent.
	Way Way
	// Status says what happened last; empty if that was a failure.
	Status string
	// Loading is set while the tasks are loaded for the first time, and Loaded once they are there.
	Loading, Loaded bool
	Field           Field
	// Rows are the tasks in the order of the backend.
	Rows []Row
	// Failures are the messages about what failed, the oldest first: one for each subject.
	Failures []Failure
	// Live says how the list is kept current, and DirectNote why direct does not work; empty if nothing is known against it.
	Live       Liveness
	DirectNote string
	Token      TokenFacts
	// Focus is where the keyboard focus is to go; the zero Place leaves it where it is.
	Focus Place
}

// Field is the text field for a new task's name.
type Field struct {
	Text string
	// Problem says what is wrong with the text; empty if it is as it should be.
	Problem string
	// Adding is set while the text is being sent. It must not be edited meanwhile.
	Adding bool
}

// Row is one task in the list.
type Row struct {
	// Task is the task as the backend has it.
	Task Task
	// Done is whether the task is shown as done. It is as the user has put it while that is on its way.
	Done bool
	// Busy is the control whose change of the task is under way; None if there is no change.
	Busy Control
	// Transfer is the file that is on its way; the zero Transfer if none is.
	Transfer Transfer
}

// Control is one of a row's controls that change its task.
type Control int

// The controls of a row.
const (
	None Control = iota
	Checkbox
	Delete
	Attach
	RemoveFile
)

// Transfer is a file on its way.
type Transfer struct {
	Direction Direction
	Name      string
	// Size is in bytes.
	Size int64
}

// Direction says where a file is going.
type Direction int

// The directions of a transfer.
const (
	Nowhere Direction = iota
	Up
	Down
)

// Failure is a message about what failed.
type Failure struct {
	// Number is new for each message.
	Number int
	// Subject is what failed: a task's id, the list, or a new task.
	Subject, Text string
	// CanRetry and CanDismiss say what the user can do about it.
	CanRetry, CanDismiss bool
	// Trying is set while it is tried again.
	Trying bool
}

// IsEmpty reports whether there are no tasks for sure.
func (s State) IsEmpty() bool { return s.Loaded && len(s.Rows) == 0 }

// HasFiles reports whether files can be sent: direct alone carries any bytes.
func (s State) HasFiles() bool { return s.Way == Direct }

// IsIdle reports whether nothing of the task is on its way.
func (r Row) IsIdle() bool { return r.Busy == None && r.Transfer == Transfer{} }

func (s *State) index(id string) int {
	return slices.IndexFunc(s.Rows, func(r Row) bool { return r.Task.ID == id })
}

// row gives the task's row; nil if there is none.
func (s *State) row(id string) *Row {
	if i := s.index(id); i >= 0 {
		return &s.Rows[i]
	}
	return nil
}

// failure gives the subject's message; nil if there is none.
func (s *State) failure(subject string) *Failure {
	for i := range s.Failures {
		if s.Failures[i].Subject == subject {
			return &s.Failures[i]
		}
	}
	return nil
}
