using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Convert.Output;

/// <summary>A model's operators, and the plan that runs them.</summary>
internal static class GraphReport
{
    public static ExitCode PrintGraph(KerasModel model)
    {
        foreach (Node node in model.Graph.Nodes)
        {
            Console.WriteLine($"{node.Scope,-40} {node.Op}({string.Join(", ", node.Inputs.Select(i => i is null ? "–" : i.Type.ToString()))}) -> {string.Join(", ", node.Outputs.Select(o => o.Type))}");
        }

        foreach (IGrouping<string, Node> group in model.Graph.Nodes.GroupBy(n => n.Op.Name).OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"{group.Count(),5} {group.Key}");
        }

        return ExitCode.Ok;
    }

    public static ExitCode PrintPlan(KerasModel model, IReadOnlyList<int> sizes)
    {
        var open = new Queue<int>(sizes);
        Shape[] shapes = [.. model.Inputs.Select(i => new Shape([.. i.Type.Shape.Select(d => d.ValueOrNull ?? (open.TryDequeue(out int size) ? size : 1))]))];
        CpuPlan plan = new CpuExecutable(model.Graph).Plan(shapes);
        Console.WriteLine($"inputs {string.Join(", ", shapes)}: {plan.KernelCount} kernels, {plan.ArenaBytes:N0} bytes of buffers a call");
        return ExitCode.Ok;
    }
}
