"""What Runledger does on the host of a compute target of type ``ssh``: started there over SSH, from the user's machine."""
