"""What the commands do, one module each: from parsed options to a result that is printed."""
