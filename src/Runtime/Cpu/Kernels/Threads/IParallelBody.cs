namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Work in independent parts, its arguments in the struct's fields. Each part must write memory of its own.</summary>
internal interface IParallelBody
{
    /// <param name="part">Which part.</param>
    /// <param name="slot">A number no other thread of this call has, below the thread limit: it picks the workspace.</param>
    void Run(int part, int slot);
}

/// <summary>
/// Work that threads do in step with each other, meeting at a barrier. If the barrier breaks, member 0 must finish the
/// work alone and the others must return.
/// </summary>
internal interface IGangBody
{
    /// <param name="member">This thread: 0 to <paramref name="members"/> − 1.</param>
    /// <param name="members">How many threads run this body at once.</param>
    /// <param name="barrier">Where they meet.</param>
    void Run(int member, int members, SpinBarrier barrier);
}
