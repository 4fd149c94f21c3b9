using System.CommandLine;
using KerasCompat.Containers;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Output;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert inspect</c>: what a file is, and everything that stands in its way.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The file or directory." };
        var second = new Option<string?>("--weights") { Description = "A second file with the weights.", HelpName = "file" };
        var stage = new Option<string?>("--stage") { Description = "Print one stage of the way: container, canonical, graph or plan." };
        stage.AcceptOnlyFromAmong("container", "canonical", "graph", "plan");
        var arrays = new Option<bool>("--arrays") { Description = "List the arrays the file holds." };
        var shapes = new Option<int[]>("--shape") { Description = "Sizes for open axes (batch first) when printing a plan.", AllowMultipleArgumentsPerToken = true };
        var inputShape = new InputShapeOption();
        var device = new DeviceOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("inspect", "Say what a file is, and everything that stands in its way.") { file, second, stage, arrays, shapes, json };
        inputShape.AddTo(command);
        device.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var work = Work.OfProcess(inputShape.Of(parsed));
            using KerasFile opened = work.Open(parsed.GetValue(file)!, parsed.GetValue(second));
            return parsed.GetValue(stage) switch
            {
                "container" => Print(ContainerReport.Json(opened, arrays: true)),
                "canonical" => Print(ModelLoader.Canonicalize(opened, work.LoadOptions).Root),
                "graph" => GraphReport.PrintGraph(KerasModel.LoadArchitecture(opened, work.LoadOptions), parsed.GetValue(json)),
                "plan" => GraphReport.PrintPlan(work.Load(opened), parsed.GetValue(shapes) ?? [], device.Of(parsed), parsed.GetValue(json), work),
                _ => Report(opened, parsed.GetValue(arrays), parsed.GetValue(json), work),
            };
        }));
        return command;
    }

    private static ExitCode Print(JToken json)
    {
        Console.WriteLine(JsonText.Write(json, Newtonsoft.Json.Formatting.Indented));
        return ExitCode.Ok;
    }

    private static ExitCode Report(KerasFile file, bool arrays, bool json, Work work)
    {
        JObject report = ContainerReport.Json(file, arrays);
        IReadOnlyList<Problem> problems = [];
        KerasModel? model = null;
        var code = ExitCode.Ok;
        if (file.Config is not null)
        {
            try
            {
                model = work.Load(file, architectureWillDo: true);
                report["generation"] = model.Canonical.Generation;
                report["parameters"] = model.Weights.Sum(w => (long)w.Shape.ElementCount);
                report["inputs"] = new JArray(model.Inputs.Select(i => $"{i.Name}: {i.Type}"));
                report["outputs"] = new JArray(model.Outputs.Select(o => $"{o.Name}: {o.Type}"));
                report["layers"] = new JArray(model.Layers.Select(l => new JObject { ["name"] = l.Name, ["class"] = l.ClassName, ["weights"] = new JArray(l.Weights.Select(w => w.ToString())) }));
            }
            catch (UnsupportedModelException e)
            {
                (code, problems) = (ExitCode.Unsupported, e.Problems);
            }
            catch (ModelFormatException e)
            {
                (code, problems) = (ExitCode.BadFile, [e.Problem]);
            }
        }

        report["problems"] = new JArray(problems.Select(ProblemJson.Write));
        if (json)
        {
            Console.WriteLine(report.ToString());
        }
        else
        {
            ContainerReport.Print(report, model);
        }

        return code;
    }
}
