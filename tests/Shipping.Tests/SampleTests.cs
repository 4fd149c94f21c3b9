using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Text;
using KerasCompat.Verification;

namespace KerasCompat.Shipping.Tests;

/// <summary>The programs of <c>samples/</c>, run as they are.</summary>
public sealed partial class SampleTests
{
    [Fact]
    public void Embedding_prints_table_and_prediction()
    {
        string output = Processes.Dotnet(Fixtures.Repository, [Program("embedding")]);
        Assert.Contains("[[", output, StringComparison.Ordinal);
        Assert.Contains("largest difference 0e+0 absolute", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentiment_rates_the_texts_it_is_given() =>
        Assert.Matches(@"A fine film: (negative|positive), 0\.\d{6}", Processes.Dotnet(Fixtures.Repository, [Program("sentiment"), "A fine film"]));

    /// <summary>A CSV of twice the memory that the program may have is scored to the last row, with the model's numbers.</summary>
    [Fact]
    public void Batch_scoring_needs_less_memory_than_the_file()
    {
        const int HeapBytes = 32 << 20, Columns = 4;
        string model = Fixtures.Path("real", "dl4j__dense_tensorflow_1.h5");
        using var folder = new TemporaryFolder();
        string input = folder.File("in.csv"), output = folder.File("out.csv");
        int rows = 0;
        using (var writer = new StreamWriter(input))
        {
            for (long written = 0; written < 2 * HeapBytes; rows++)
            {
                string line = string.Join(',', Enumerable.Range(0, Columns).Select(c => Cell(rows, c).ToString("R", CultureInfo.InvariantCulture)));
                writer.Write(line + '\n');
                written += line.Length + 1;
            }
        }

        string said = Processes.Dotnet(Fixtures.Repository, [Program("batch-scoring"), model, input, output], ("DOTNET_GCHeapHardLimit", HeapBytes.ToString("X", CultureInfo.InvariantCulture)), ("DOTNET_gcServer", "0"));
        Assert.Contains($"{rows} rows", said, StringComparison.Ordinal);
        Assert.False(File.Exists(output + ".part"));

        using KerasModel loaded = KerasModel.Load(model);
        int checkedRows = 0;
        foreach (string line in File.ReadLines(output))
        {
            if (checkedRows % 10_007 == 0 || checkedRows == rows - 1)
            {
                int row = checkedRows;
                float[] expected = loaded.Predict(Tensor.From([.. Enumerable.Range(0, Columns).Select(c => Cell(row, c))], 1, Columns)).As<float>().ToArray();
                float[] got = [.. line.Split(',').Select(c => float.Parse(c, CultureInfo.InvariantCulture))];
                Assert.Equal(expected.Length, got.Length);
                Assert.All(expected.Zip(got), pair => Assert.True(Tolerance.Default.Allows(pair.Second, pair.First), $"row {row}: {pair.Second}, expected {pair.First}"));
            }

            checkedRows++;
        }

        Assert.Equal(rows, checkedRows);

        static float Cell(int row, int column) => MathF.Sin((row * Columns) + column);
    }

    /// <summary>Sixty-four requests at once get what the model says to each alone; nonsense is declined.</summary>
    [Fact]
    public async Task Web_api_serves_many_at_once()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5"));
        var texts = new TextPipeline(Tokenizer.Load(Fixtures.Path("seeds", "seeds-tokenizer-keras-2.3.1.json"))) { MaxLength = 500, Labels = ["negative", "positive"] };
        string[] reviews = [.. Enumerable.Range(0, 64).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(w => ((i + w) % 3) switch { 0 => "this", 1 => "not", _ => "text" })))];

        // It is killed at the end, and would leave its pipes for debuggers behind.
        using Process server = Processes.Start(Fixtures.Repository, Processes.DotnetPath, [Program("web-api"), "--urls", "http://127.0.0.1:0"], ("DOTNET_EnableDiagnostics", "0"));
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await Address(server)), Timeout = TimeSpan.FromMinutes(1) };
            Assert.Equal("ready", await client.GetStringAsync("health"));
            Rating[][] got = await Task.WhenAll(reviews.Select(async review =>
            {
                using HttpResponseMessage response = await client.PostAsJsonAsync("sentiment", new[] { review });
                return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Rating[]>())!;
            }));
            Assert.All(reviews.Zip(got), pair =>
            {
                (string label, double probability) = texts.Classify(model.Predict(texts.ToInput(pair.First)))[0];
                Assert.Equal(new Rating(pair.First, label, probability), Assert.Single(pair.Second));
            });
            using HttpResponseMessage declined = await client.PostAsJsonAsync("sentiment", Array.Empty<string>());
            Assert.Equal(HttpStatusCode.BadRequest, declined.StatusCode);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static string Program(string sample) => Path.Combine(Fixtures.Repository, "samples", sample, "bin", Processes.Configuration, "net10.0", sample + ".dll");

    /// <summary>The address that the server prints when it listens.</summary>
    private static async Task<string> Address(Process server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                // What is printed from now on is read and dropped, or the server would wait for a reader.
                _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException("the server ended");
    }

    private sealed record Rating(string Text, string Label, double Probability);

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
