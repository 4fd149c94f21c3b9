using System.Text;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Convert.Commands;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Convert.Report;
using KerasCompat.Convert.Surgery;
using KerasCompat.Onnx;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Tests;

/// <summary>Work that is stopped when a stage of it shows on the terminal: it ends there, and no file has its final name.</summary>
public sealed class StoppedWorkTests : IDisposable
{
    private static readonly string Model = Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.keras");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("load seeds-imdb-keras-3.15.1.keras")]
    [InlineData("hash seeds-imdb-keras-3.15.1.keras")]
    [InlineData("draw a self check")]
    [InlineData("write net.npz")]
    [InlineData("write net.safetensors")]
    [InlineData("lower net.onnx")]
    [InlineData("write net.onnx")]
    [InlineData("write net.onnx", "external")]
    public void An_export_leaves_what_was_there(string stage, string? external = null)
    {
        string[] outputs = [.. new[] { "net.npz", "net.safetensors", "net.onnx" }.Select(n => _folder.File(n))];
        Array.ForEach(outputs, o => File.WriteAllText(o, "old"));
        var request = new ExportRequest(Model, null, outputs, new OnnxExportOptions()) { SelfChecks = 1, Verify = false, ExternalData = external is not null };
        Stopped(stage, work => ModelExporter.Run(request, new ExportLog(_ => { }), work));
        Assert.Equal(outputs.Order(), Directory.EnumerateFileSystemEntries(_folder.Path).Order());
        Assert.All(outputs, o => Assert.Equal("old", File.ReadAllText(o)));
    }

    [Theory]
    [InlineData("load seeds-imdb-keras-3.15.1.keras")]
    [InlineData("compare with Keras")]
    [InlineData("compare with Keras", "50 %")]
    [InlineData("measure a call")]
    [InlineData("draw weights")]
    public void A_report_ends(string stage, string share = "") => Stopped(stage, share, work =>
    {
        using KerasFile file = work.Open(Model);
        using KerasModel model = work.Load(file);
        ModelReport.Gather(model, file, new ReportRequest(Path.ChangeExtension(Model, ".npz"), Tolerance.Default, 1), work);
    });

    [Theory]
    [InlineData("load")]
    [InlineData("compare weights")]
    [InlineData("compare outputs")]
    public void A_comparison_of_two_models_ends(string stage) => Stopped(stage, work =>
    {
        using KerasModel a = work.Load(Model), b = work.Load(Model);
        ModelDiff.Lines(a, b, work);
    });

    [Fact]
    public void A_part_is_not_cut_out()
    {
        using KerasModel model = KerasModel.Load(Model);
        Assert.Throws<OperationCanceledException>(() => SubModel.Extract(model, [], [model.Layers[0].Name], new CancellationToken(canceled: true)));
    }

    /// <summary>Stopped between two cases: the next is not run, and no file is written.</summary>
    [Fact]
    public void A_suite_ends_after_a_case()
    {
        string results = _folder.File("results.xml"), lines = _folder.File("lines.jsonl");
        CaseSuite suite = CaseSuite.Read(Path.Combine(Fixtures.Root, "seeds"));
        int run = 0;
        Stopped("verify seeds", "2 of", work => new CaseRun(Path.Combine(Fixtures.Root, "seeds"), lines, results, null, json: true).Of(
            suite,
            s => s.Cases.Select(c =>
            {
                run++;
                return new CaseOutcome(c.Name, true, "equal");
            }),
            Device.Cpu,
            work));
        Assert.Equal(3, run);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    /// <summary>Stopped within a case: that is no outcome of the case.</summary>
    [Theory]
    [InlineData("seeds", "seeds-imdb-keras-2.3.1")]
    [InlineData("architectures", "mobilenetv2")]
    [InlineData("refuse", "")]
    [InlineData("text", "tokenizer")]
    public void A_case_that_is_stopped_has_no_outcome(string suite, string name)
    {
        FixtureCase test = CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).Cases.First(c => c.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (c.Model is not null || suite == "text"));
        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => CaseRunner.Run(test, cancellation: stopped));
        if (test.Expect == "same" && test.Model is not null)
        {
            Assert.Throws<OperationCanceledException>(() => CaseRunner.RunThroughSafetensors(test, stopped));
        }
    }

    /// <summary>Where nobody watches there is nothing to draw on, and nothing is drawn.</summary>
    [Fact]
    public async Task Redirected_there_are_no_bars()
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [typeof(Work).Assembly.Location, "report", Model, "-o", _folder.File("page.html")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.Equal(string.Empty, await process.StandardError.ReadToEndAsync());
        Assert.StartsWith("wrote ", await output, StringComparison.Ordinal);
    }

    private static void Stopped(string stage, Action<Work> act) => Stopped(stage, string.Empty, act);

    /// <summary>Does work that is asked to stop when the terminal shows a stage.</summary>
    /// <param name="stage">What its line begins with.</param>
    /// <param name="share">What the line holds besides.</param>
    /// <param name="act">The work.</param>
    private static void Stopped(string stage, string share, Action<Work> act)
    {
        using var source = new CancellationTokenSource();
        using var terminal = new Watched(line =>
        {
            if (line.StartsWith(stage, StringComparison.Ordinal) && line.Contains(share, StringComparison.Ordinal))
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => act(new Work(source.Token, terminal, TimeSpan.Zero)));
        Assert.True(source.IsCancellationRequested, $"no line \"{stage}\" was drawn");
        Assert.StartsWith(stage, terminal.Last, StringComparison.Ordinal);
    }

    /// <summary>A terminal that tells each line drawn on it.</summary>
    private sealed class Watched(Action<string> told) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        /// <summary>The last line that was not blank.</summary>
        public string Last { get; private set; } = string.Empty;

        public override void Write(char value) => Assert.Equal('\r', value);

        public override void Write(string? value)
        {
            string line = value!.Trim('\r').TrimEnd();
            if (line.Length > 0)
            {
                Last = line;
                told(line);
            }
        }
    }
}
