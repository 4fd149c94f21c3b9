namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Tests that switch the kernel set or the thread count, which belong to the process, run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelCollection
{
    public const string Name = "Kernels";
}

/// <summary>A kernel set for the length of a using block.</summary>
internal sealed class UseKernels : IDisposable
{
    private readonly KernelSet _before = KernelTable.Active;

    public UseKernels(string set) => KernelTable.Active = Enum.Parse<KernelSet>(set);

    /// <summary>The sets this machine can run, for theories.</summary>
    public static TheoryData<string> AllSets => new(KernelTable.Supported.Select(set => set.ToString()));

    public void Dispose() => KernelTable.Active = _before;
}

/// <summary>A number of threads for the length of a using block.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = CpuThreads.Count;

    public ThreadCount(int count) => CpuThreads.Count = count;

    public void Dispose() => CpuThreads.Count = _before;
}
