namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>One thread of those that share a part's rows: which share of the work is its own, and where it waits for the others. A thread alone is a gang of one.</summary>
/// <param name="number">The member's number, from 0.</param>
/// <param name="members">How many there are.</param>
/// <param name="barrier">Where they meet; null for one alone.</param>
internal struct GangMember(int number, int members, SpinBarrier? barrier)
{
    private int _members = members;

    /// <summary>Whether it does what is done once.</summary>
    public readonly bool IsFirst => number == 0;

    /// <summary>Whether it has no work any more, because the barrier broke and the first member does it all.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>The first of some items that is this member's.</summary>
    public readonly int From(int items) => _members == 1 ? 0 : (int)((long)items * number / _members);

    /// <summary>The end of this member's items.</summary>
    public readonly int To(int items) => _members == 1 ? items : (int)((long)items * (number + 1) / _members);

    /// <summary>Waits for the others. If the barrier is broken, the first member has all the work from here on, and the others must do none.</summary>
    public void Meet()
    {
        if (_members == 1)
        {
            return;
        }

        barrier!.SignalAndWait();
        if (barrier.IsBroken)
        {
            HasLeft = number != 0;
            _members = 1;
        }
    }
}
