package fault

// Checks collects the wrong fields of a request, so that people see all of them at
// once. The zero value is ready; it is not safe for concurrent use.
type Checks struct{ err *Error }

// That notes the field when ok is false.
func (c *Checks) That(ok bool, path, code, message string) {
	switch {
	case ok:
	case c.err == nil:
		c.err = InvalidField(path, code, message)
	default:
		c.err = c.err.WithField(path, code, message)
	}
}

// Err is an Invalid fault with every field noted, nil when there is none.
func (c *Checks) Err() error {
	if c.err == nil {
		return nil
	}
	return c.err
}
