using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A kernel with its arguments in its fields, that <see cref="KernelTable"/> runs for the chosen register width.</summary>
internal interface ILaneBody
{
    void Run<V>()
        where V : struct, ILanes<V>;
}

/// <summary>
/// The one ordered table of kernel sets. The first that this machine supports is used, unless the environment variable
/// <c>KERASCOMPAT_KERNELS</c> (<c>avx512</c>, <c>avx2</c>, <c>vector128</c> or <c>scalar</c>) names another.
/// </summary>
internal static class KernelTable
{
    public const string EnvironmentVariable = "KERASCOMPAT_KERNELS";

    private static readonly (KernelSet Set, string Name, bool Supported)[] Sets =
    [
        (KernelSet.Avx512, "avx512", Avx512F.IsSupported && Avx512DQ.IsSupported),
        (KernelSet.Avx2, "avx2", Avx2.IsSupported && Fma.IsSupported),
        (KernelSet.Vector128, "vector128", Vector128.IsHardwareAccelerated),
        (KernelSet.Scalar, "scalar", true),
    ];

    private static KernelSet s_active = Choose(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>The set in use. Tests switch it; weights packed under one set belong to that set.</summary>
    /// <exception cref="PlatformNotSupportedException">The machine lacks the set's instructions.</exception>
    public static KernelSet Active
    {
        get => s_active;
        set => s_active = IsSupported(value) ? value : throw Unsupported(value.ToString());
    }

    /// <summary>The sets this machine can run, fastest first.</summary>
    public static IEnumerable<KernelSet> Supported =>
        from entry in Sets where entry.Supported select entry.Set;

    public static bool IsSupported(KernelSet set) => Array.Exists(Sets, entry => entry.Set == set && entry.Supported);

    /// <summary>Floats in a register of the set.</summary>
    public static int Lanes(KernelSet set) => set switch
    {
        KernelSet.Avx512 => Lanes512.Count,
        KernelSet.Avx2 => Lanes256.Count,
        KernelSet.Vector128 => Lanes128.Count,
        _ => Lanes1.Count,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TBody>(TBody body)
        where TBody : struct, ILaneBody => Run(s_active, body);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TBody>(KernelSet set, TBody body)
        where TBody : struct, ILaneBody
    {
        switch (set)
        {
            case KernelSet.Avx512:
                body.Run<Lanes512>();
                break;
            case KernelSet.Avx2:
                body.Run<Lanes256>();
                break;
            case KernelSet.Vector128:
                body.Run<Lanes128>();
                break;
            default:
                body.Run<Lanes1>();
                break;
        }
    }

    private static KernelSet Choose(string? forced)
    {
        foreach ((KernelSet set, string name, bool supported) in Sets)
        {
            if (string.IsNullOrEmpty(forced) ? supported : string.Equals(name, forced, StringComparison.OrdinalIgnoreCase))
            {
                return supported ? set : throw Unsupported(name);
            }
        }

        throw new ArgumentException(
            $"{EnvironmentVariable} is '{forced}'; expected one of {string.Join(", ", Sets.Select(entry => entry.Name))}.");
    }

    private static PlatformNotSupportedException Unsupported(string name) =>
        new($"This machine lacks the instructions of the kernel set '{name}'.");
}
