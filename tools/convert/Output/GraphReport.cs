using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Output;

/// <summary>A model's operators, and the plan that runs them.</summary>
internal static class GraphReport
{
    public static ExitCode PrintGraph(KerasModel model, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JObject
            {
                ["nodes"] = new JArray(model.Graph.Nodes.Select(node => new JObject
                {
                    ["scope"] = node.Scope,
                    ["op"] = node.Op.Name,
                    ["inputs"] = new JArray(node.Inputs.Select(i => i?.Type.ToString())),
                    ["outputs"] = new JArray(node.Outputs.Select(o => o.Type.ToString())),
                })),
            });
            return ExitCode.Ok;
        }

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

    public static ExitCode PrintPlan(KerasModel model, IReadOnlyList<int> sizes, Device device, bool json, Work work)
    {
        var open = new Queue<int>(sizes);
        Shape[] shapes = [.. model.Inputs.Select(i => new Shape([.. i.Type.Shape.Select(d => d.ValueOrNull ?? (open.TryDequeue(out int size) ? size : 1))]))];
        if (device is OpenClDevice openCl)
        {
            using var executable = (OpenClExecutable)openCl.Prepare(model.Graph);
            return PrintPlan(executable.Plan(shapes), shapes, json);
        }

        CpuPlan plan = Plan(model.Graph, shapes, work);
        Console.WriteLine(json
            ? new JObject { ["inputs"] = new JArray(shapes.Select(s => s.ToString())), ["kernels"] = plan.KernelCount, ["bufferBytes"] = plan.ArenaBytes }.ToString()
            : $"inputs {string.Join(", ", shapes)}: {plan.KernelCount} kernels, {plan.ArenaBytes:N0} bytes of buffers a call");
        return ExitCode.Ok;
    }

    private static CpuPlan Plan(Graph graph, Shape[] shapes, Work work)
    {
        using Progress bar = work.Begin("plan");
        return new CpuExecutable(graph, cancellation: work.Token).Plan(shapes, work.Token);
    }

    private static ExitCode PrintPlan(OpenClPlan plan, IReadOnlyList<Shape> shapes, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JObject
            {
                ["inputs"] = new JArray(shapes.Select(s => s.ToString())),
                ["steps"] = new JArray(plan.Steps.Select(s => new JObject { ["place"] = Place(s), ["text"] = s.Text })),
                ["deviceBytes"] = plan.DeviceBytes,
            });
            return ExitCode.Ok;
        }

        PrintSteps(plan, string.Empty);
        Console.WriteLine(
            $"inputs {string.Join(", ", shapes)}: {plan.DeviceOps} operators on the device in {plan.Steps.Count(s => s is LaunchStep or ClBlastStep)} kernels, {plan.HostOps.Values.Sum()} on the CPU; "
            + $"{plan.Steps.Count(s => s is UploadStep)} copies up, {plan.Steps.Count(s => s is DownloadStep) + plan.Outputs.Count(o => o.OnDevice)} down; {plan.DeviceBytes:N0} bytes of device memory a call");
        return ExitCode.Ok;
    }

    private static string Place(PlanStep step) => step switch { HostStep => "cpu", UploadStep => "copy up", DownloadStep => "copy down", _ => "device" };

    private static void PrintSteps(OpenClPlan plan, string indent)
    {
        foreach (PlanStep step in plan.Steps)
        {
            Console.WriteLine($"{indent}{Place(step),-10} {step.Text}");
            if (step is ScanStep scan)
            {
                PrintSteps(scan.Body, $"{indent}  ");
            }
        }
    }
}
