using System.IO.MemoryMappedFiles;

namespace KerasCompat.Hdf5;

/// <summary>A memory-mapped file.</summary>
internal sealed unsafe class MappedBytes : FileBytes
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly MappedMemory? whole;
    private byte* start;

    public MappedBytes(FileStream stream)
    {
        Length = stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
        whole = Length <= int.MaxValue ? new MappedMemory(this, 0, (int)Length) : null;
    }

    public override long Length { get; }

    public override bool IsMapped => true;

    public override ReadOnlyMemory<byte> View(long offset, int length) =>
        whole is null ? new MappedMemory(this, offset, length).Memory : whole.Memory.Slice((int)offset, length);

    public override void CopyTo(long offset, Span<byte> destination) => Span(offset, destination.Length).CopyTo(destination);

    public Span<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(start is null, typeof(Hdf5File));
        return new Span<byte>(start + offset, length);
    }

    public override void Dispose()
    {
        if (start is not null)
        {
            start = null;
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
