namespace KerasCompat.Hdf5;

/// <summary>One message of an object header; a shared one has been fetched from where it lies.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="CreationOrder">When it was added, for attributes of objects that track it; else -1.</param>
/// <param name="IsCommitted">Whether the body is the datatype of another, named object.</param>
internal readonly record struct HeaderMessage(MessageType Type, ReadOnlyMemory<byte> Body, int CreationOrder, bool IsCommitted);
