"""What came back in the mail: bounces, absence notes, complaints, replies."""
