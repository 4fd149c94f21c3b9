namespace KerasCompat.Hdf5;

/// <summary>A chunk that was written.</summary>
/// <param name="Position">Its place among the chunks, in chunks.</param>
/// <param name="Address">Where it lies.</param>
/// <param name="Size">Bytes it takes there.</param>
/// <param name="FilterMask">Bit i says that filter i was left out.</param>
internal readonly record struct StoredChunk(long[] Position, long Address, long Size, uint FilterMask);
