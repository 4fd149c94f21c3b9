using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>What a caller and the pool threads tell each other. Words that different threads write lie on different cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
internal unsafe struct PoolState
{
    /// <summary>Bytes between what different threads write: processors fetch lines of 64 bytes in pairs.</summary>
    public const int Apart = 128;

    /// <summary>The number of the last job. Idle threads look at nothing else.</summary>
    [FieldOffset(0)]
    public int Epoch;

    /// <summary>2 · (pool threads inside the job) + (1 while others may enter).</summary>
    [FieldOffset(Apart)]
    public int Gate;

    /// <summary>How many pool threads the job wants.</summary>
    [FieldOffset(Apart + 8)]
    public int Helpers;

    /// <summary>What a thread does: it takes <see cref="Argument"/> and its slot.</summary>
    [FieldOffset(Apart + 16)]
    public delegate*<void*, int, void> Job;

    [FieldOffset(Apart + 24)]
    public void* Argument;

    /// <summary>Numbers given to members of a gang.</summary>
    [FieldOffset(2 * Apart)]
    public int NextMember;

    /// <summary>How many members the gang has; 0 until that is known.</summary>
    [FieldOffset((2 * Apart) + 8)]
    public int Members;

    /// <summary>The state of a pool, which lives as long as the process.</summary>
    public static PoolState* Allocate()
    {
        var state = (PoolState*)NativeMemory.AlignedAlloc((nuint)sizeof(PoolState), Apart);
        *state = default;
        return state;
    }
}
