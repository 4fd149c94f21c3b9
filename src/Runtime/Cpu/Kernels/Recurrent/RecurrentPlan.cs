namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// How a run is cut up. Many rows: parts of rows, each with memory of its own and no need to wait. Few rows: all threads
/// work on the same rows, each on its blocks of units, and meet after every step. Time is cut into chunks, so that the
/// projected inputs of a chunk stay in the second-level cache.
/// </summary>
internal readonly struct RecurrentPlan
{
    private const int RowsPerPart = 24;
    private const int ChunkFloats = 96 * 1024;

    /// <summary>Multiply-adds of a step below which meeting costs more than a second thread saves.</summary>
    private const long GangWork = 100_000;

    /// <summary>Floats of the sums of a tile: six rows of four gates.</summary>
    public const int TileFloats = 6 * 4 * 16;

    /// <summary>Floats that keep what different threads write on different cache lines.</summary>
    private const int Apart = 32;

    public RecurrentPlan(RecurrentWeights weights, int batch, int time, int threads)
    {
        long stepWork = (long)batch * weights.Units * weights.Units * weights.Gates;
        Threads = threads;
        IsGang = threads > 1 && batch < 4 * threads && stepWork >= GangWork && time >= 4 && weights.Blocks > 1;
        int parts = (batch + RowsPerPart - 1) / RowsPerPart;
        if (IsGang)
        {
            parts = 1;
        }
        else if (stepWork * time > 1 << 16)
        {
            parts = Math.Min(batch, GemmBlocks.RoundUp(parts, threads));
        }

        Rows = Math.Max(1, (batch + Math.Max(1, parts) - 1) / Math.Max(1, parts));
        Parts = (batch + Rows - 1) / Rows;
        ChunkSteps = Math.Clamp(ChunkFloats / (Rows * weights.GateFloats), 1, Math.Max(1, time));

        StateFloats = Rows * weights.PaddedUnits;
        SharedFloats = (States(weights.Kind) * StateFloats) + (ChunkSteps * Rows * weights.GateFloats) + Apart;

        // For each row of a chunk its offset, for each row two pointers; 64 bits each. For each row two whole numbers.
        int members = IsGang ? threads : 1;
        MemberFloats = (2 * ChunkSteps * Rows) + (6 * (Rows + RecurrentPart.SpareRows)) + (2 * TileFloats) + GemmBlocks.RowBlockFloats(GemmBlocks.Rows) + Apart;
        SlotFloats = GemmBlocks.RoundUp(SharedFloats + (members * MemberFloats), 16);
        WorkspaceFloats = SlotFloats * (IsGang ? 1 : Math.Min(threads, Math.Max(1, Parts)));
    }

    public int Threads { get; }

    public bool IsGang { get; }

    public int Parts { get; }

    /// <summary>Rows of a part.</summary>
    public int Rows { get; }

    /// <summary>Time steps of a chunk.</summary>
    public int ChunkSteps { get; }

    /// <summary>Floats of one state of a part.</summary>
    public int StateFloats { get; }

    /// <summary>Floats of a part that all its threads share.</summary>
    public int SharedFloats { get; }

    /// <summary>Floats that each thread of a part needs for itself.</summary>
    public int MemberFloats { get; }

    /// <summary>Floats of a part.</summary>
    public int SlotFloats { get; }

    public int WorkspaceFloats { get; }

    /// <summary>States of a row: the hidden one twice, and where the cell has more, two others (see <see cref="RecurrentPart"/>).</summary>
    public static int States(RecurrentKind kind) => kind is RecurrentKind.Lstm or RecurrentKind.GruResetBefore ? 4 : 2;
}
