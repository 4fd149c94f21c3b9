namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Work in independent parts, its arguments in the struct's fields. Each part must write memory of its own.</summary>
internal interface IParallelBody
{
    void Run(int part);
}

/// <summary>Work that threads do in step with each other, meeting at a barrier.</summary>
internal interface IGangBody
{
    /// <param name="member">This thread: 0 to <paramref name="members"/> − 1.</param>
    /// <param name="members">How many threads run this body at once.</param>
    /// <param name="barrier">Where they meet.</param>
    void Run(int member, int members, SpinBarrier barrier);
}
