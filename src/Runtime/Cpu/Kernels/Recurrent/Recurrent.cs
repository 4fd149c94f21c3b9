namespace KerasCompat.Runtime.Cpu.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels.Functions;

/// <summary>
/// LSTM, GRU and SimpleRNN over a batch of sequences. A chunk of time steps is projected by one product; then each step
/// adds the recurrent product and applies the gates, block of units by block of units. Masked steps are not computed.
/// </summary>
internal static unsafe class Recurrent
{
    /// <summary>Floats of workspace a run needs, for the threads of the pool or fewer.</summary>
    public static int WorkspaceFloats(RecurrentWeights weights, int batch, int time) => Math.Max(
        new RecurrentPlan(weights, batch, time, CpuThreads.Count).WorkspaceFloats,
        new RecurrentPlan(weights, batch, time, 1).WorkspaceFloats);

    public static void Run(
        RecurrentWeights weights, GateFunction activation, GateFunction recurrentActivation, in RecurrentArguments arguments,
        Span<float> workspace)
    {
        if (arguments.Batch == 0)
        {
            return;
        }

        // Three forms: the two usual pairs of activations in registers, and everything else by way of memory.
        bool usual = activation is { Other: null, Known.Kind: ActivationKind.Tanh } && recurrentActivation.Other is null;
        ActivationKind kind = weights.Kind == RecurrentKind.Simple ? ActivationKind.Sigmoid : recurrentActivation.Known.Kind;
        if (usual && kind == ActivationKind.Sigmoid)
        {
            Start(weights, default(Tanh), default(Sigmoid), arguments, workspace);
        }
        else if (usual && kind == ActivationKind.HardSigmoid)
        {
            HardSigmoid gate = new(recurrentActivation.Known.Alpha, recurrentActivation.Known.Beta);
            Start(weights, default(Tanh), gate, arguments, workspace);
        }
        else
        {
            Start(weights, new ThroughMemory(activation), new ThroughMemory(recurrentActivation), arguments, workspace);
        }

        GC.KeepAlive(weights);
    }

    private static void Start<TActivation, TGate>(
        RecurrentWeights weights, TActivation activation, TGate gate, in RecurrentArguments arguments, Span<float> workspace)
        where TActivation : struct, IUnary
        where TGate : struct, IUnary
    {
        RecurrentPlan plan = new(weights, arguments.Batch, arguments.Time, CpuThreads.Count);
        if (plan.WorkspaceFloats > workspace.Length)
        {
            plan = new(weights, arguments.Batch, arguments.Time, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(workspace.Length, plan.WorkspaceFloats, nameof(workspace));
        }

        fixed (float* start = workspace)
        {
            RecurrentParts<TActivation, TGate> body = new()
            {
                Weights = weights,
                Activation = activation,
                Gate = gate,
                Arguments = arguments,
                Plan = plan,
                Workspace = start,
            };
            if (plan.IsGang)
            {
                CpuThreads.Gang(plan.Threads, body);
            }
            else
            {
                CpuThreads.For(plan.Parts, body, plan.Threads);
            }
        }
    }
}

/// <summary>A run as parts of rows, or as members of a gang that share all rows.</summary>
internal unsafe struct RecurrentParts<TActivation, TGate> : IParallelBody, IGangBody
    where TActivation : struct, IUnary
    where TGate : struct, IUnary
{
    public RecurrentWeights Weights;
    public TActivation Activation;
    public TGate Gate;
    public RecurrentArguments Arguments;
    public RecurrentPlan Plan;
    public float* Workspace;

    public void Run(int part, int slot)
    {
        int first = part * Plan.Rows;
        float* memory = Workspace + ((nint)slot * Plan.SlotFloats);
        Run(first, Math.Min(Plan.Rows, Arguments.Batch - first), memory, memory + Plan.SharedFloats, 0, 1, null);
    }

    public void Run(int member, int members, SpinBarrier barrier) =>
        Run(0, Arguments.Batch, Workspace, Workspace + Plan.SharedFloats + ((nint)member * Plan.MemberFloats), member, members, barrier);

    private readonly void Run(int firstRow, int rows, float* shared, float* own, int member, int members, SpinBarrier? barrier)
    {
        RecurrentPart part = new(Weights, Arguments, Plan, firstRow, rows, shared, own);
        KernelTable.Run(Weights.Set, new RecurrentRows<TActivation, TGate>(part, new GangMember(member, members, barrier), Activation, Gate));
    }
}
