// A model behind HTTP: POST /sentiment with a JSON list of texts. Run it from the repository's root:
//   dotnet run --project samples/web-api -- --urls http://localhost:5080
//   curl -s localhost:5080/sentiment --json '["What a film!"]'
using Samples.WebApi;

const string Folder = "tests/fixtures/seeds/";
const int MostTexts = 256;
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(new SentimentPool(
    builder.Configuration["model"] ?? Folder + "seeds-imdb-keras-2.3.1.h5",
    builder.Configuration["tokenizer"] ?? Folder + "seeds-tokenizer-keras-2.3.1.json",
    Environment.ProcessorCount));
WebApplication app = builder.Build();

app.MapGet("/health", () => "ready");
app.MapPost("/sentiment", async (string[] texts, SentimentPool pool, CancellationToken cancellation) => texts.Length is 0 or > MostTexts
    ? Results.Problem($"Give 1 to {MostTexts} texts.", statusCode: StatusCodes.Status400BadRequest)
    : Results.Ok(await pool.ClassifyAsync(texts, cancellation)));
app.Run();

namespace Samples.WebApi
{
    /// <summary>What the model thinks of a text.</summary>
    internal sealed record Sentiment(string Text, string Label, double Probability);
}
