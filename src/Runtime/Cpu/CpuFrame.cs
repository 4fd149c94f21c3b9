using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.Cpu;

/// <summary>The work of one node, bound to its slots; it finds their memory in the frame of the running call.</summary>
internal delegate void CpuKernel(CpuFrame frame);

/// <summary>A place for a tensor in a plan; where its memory lies is the frame's to say.</summary>
internal readonly record struct Slot(int Index, DType DType, Shape Shape)
{
    public int Length => Shape.ElementCount;
}

/// <summary>The memory of one running call: where each slot lies.</summary>
/// <remarks>A plan has as many frames as calls run it at the same time, and reuses them.</remarks>
internal sealed unsafe class CpuFrame : IDisposable
{
    private readonly nint[] _pointers;
    private readonly Memory<string>[] _texts;
    private byte* _arena;

    /// <param name="slots">Number of slots.</param>
    /// <param name="arenaBytes">Memory to hold for the slots that the plan places.</param>
    public CpuFrame(int slots, long arenaBytes)
    {
        _pointers = new nint[slots];
        _texts = new Memory<string>[slots];
        if (arenaBytes > 0)
        {
            _arena = (byte*)NativeMemory.AlignedAlloc((nuint)arenaBytes, Alignment);
            NativeMemory.Clear(_arena, (nuint)arenaBytes);
        }
    }

    ~CpuFrame() => Free();

    /// <summary>Slots begin at multiples of this many bytes: one cache line, one 512-bit vector.</summary>
    public const int Alignment = 64;

    /// <summary>The frames of nested plans, by the number the binding gave them.</summary>
    public CpuFrame[] Children { get; init; } = [];

    public void Place(int slot, long arenaOffset) => _pointers[slot] = (nint)(_arena + arenaOffset);

    public void Point(int slot, void* memory) => _pointers[slot] = (nint)memory;

    public void Point(int slot, Memory<string> texts) => _texts[slot] = texts;

    /// <summary>Lets a slot lie where another lies.</summary>
    public void Alias(int slot, int root)
    {
        _pointers[slot] = _pointers[root];
        _texts[slot] = _texts[root];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Span<T>(Slot slot)
        where T : unmanaged => new((void*)_pointers[slot.Index], slot.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Pointer<T>(Slot slot)
        where T : unmanaged => (T*)_pointers[slot.Index];

    /// <summary>The slot's bytes, whatever its type (not text).</summary>
    public Span<byte> Bytes(Slot slot) => new((void*)_pointers[slot.Index], slot.Length * slot.DType.Size());

    public Span<string> Texts(Slot slot) => _texts[slot.Index].Span;

    public void Dispose()
    {
        foreach (CpuFrame child in Children)
        {
            child.Dispose();
        }

        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_arena);
        _arena = null;
    }
}
