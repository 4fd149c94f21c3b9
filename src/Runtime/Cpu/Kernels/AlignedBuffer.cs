namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Floats that stay where they are, from a 64-byte boundary on, so that no register load crosses a cache line.</summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Alignment = 64;

    private readonly float[] _floats;

    public AlignedBuffer(nint count)
    {
        _floats = GC.AllocateArray<float>(checked((int)count + (Alignment / sizeof(float))), pinned: true);
        fixed (float* start = _floats)
        {
            Pointer = (float*)(((nuint)start + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        }

        Length = (int)count;
    }

    /// <summary>Valid as long as this object is reachable.</summary>
    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
