namespace KerasCompat.Hdf5;

/// <summary>One step by which chunks were changed on their way into the file.</summary>
/// <param name="Id">Its registered number: 1 deflate, 2 shuffle, 3 fletcher32, 4 szip, 5 nbit, 6 scale-offset, 32000 lzf.</param>
/// <param name="Name">Its name, where the file gives one.</param>
/// <param name="Parameters">What it was told.</param>
public sealed record Hdf5Filter(int Id, string Name, IReadOnlyList<uint> Parameters);
