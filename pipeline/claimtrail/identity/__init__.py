"""Which people, organisations and claims of different texts and languages are one."""
