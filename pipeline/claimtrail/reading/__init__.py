"""Reading: finding the input files, decoding them, and taking texts and dates out of them."""
