using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KerasCompat.Hdf5;

/// <summary>A window of a mapped file as memory; using it after the file was closed is an error and no crash.</summary>
internal sealed unsafe class MappedMemory(MappedBytes bytes, long offset, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => bytes.Span(offset, length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length, nameof(elementIndex));
        return new MemoryHandle((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(GetSpan())) + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
