package needs

// check says what is wrong with needs of this file, and with the set as a whole.
func (r *reader) check() {}
